// Makes one file of the editor and of what it is built on. Run by the build, in a folder of its own: see Distribution.Web.csproj.
import { build } from "esbuild";

await build({
  entryPoints: ["src/editor.js"],
  outfile: "editor.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari16"],
  charset: "utf8",
  banner: { js: "/* With ProseMirror, https://prosemirror.net, copyright Marijn Haverbeke and others, and orderedmap, rope-sequence and w3c-keyname by the same: MIT licence. */" },
});
