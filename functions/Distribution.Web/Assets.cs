using Distribution.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Distribution.Web;

/// <summary>
/// A file that pages load, embedded in this assembly. Its address contains its hash, so browsers may cache it forever.
/// </summary>
internal sealed class Asset
{
    public static readonly Asset Style = new("site.css", "text/css; charset=utf-8");

    public static readonly Asset Script = new("site.js", "text/javascript; charset=utf-8");

    public static readonly Asset Upload = new("upload.js", "text/javascript; charset=utf-8");

    public static readonly Asset Letter = new("letter.js", "text/javascript; charset=utf-8");

    public static readonly Asset Editor = new("editor.js", "text/javascript; charset=utf-8");

    public static readonly Asset Verify = new("verify.js", "text/javascript; charset=utf-8");

    public static readonly Asset Icon = new("icon.svg", "image/svg+xml");

    private Asset(string name, string contentType)
    {
        using var stream =
            typeof(Asset).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException(
                $"{name} is not embedded in {typeof(Asset).Assembly.GetName().Name}.");
        Content = new byte[stream.Length];
        stream.ReadExactly(Content);
        // 64 bits: enough to tell one version of a file from another, in an address that stands on every page.
        (Name, ContentType, Hash) = (name, contentType, Sha256Hex.Of(Content)[..16]);
    }

    public string Name { get; }

    public string ContentType { get; }

    public string Hash { get; }

    public byte[] Content { get; }

    public string Address => $"/assets/{Hash}/{Name}";
}

/// <summary>Serves the files that pages load.</summary>
internal static class AssetEndpoints
{
    // Open to everyone on purpose: missions' pages need them.
    public static void MapAssets(this IEndpointRouteBuilder endpoints)
    {
        foreach (
            var asset in (Asset[])
                [Asset.Style, Asset.Script, Asset.Upload, Asset.Letter, Asset.Editor, Asset.Verify, Asset.Icon])
            endpoints
                .MapMethods(
                    $"/assets/{{hash}}/{asset.Name}",
                    ReadMethods.Read,
                    (string hash, HttpContext context) =>
                    {
                        // During a rollout, a page of one instance may ask another instance for a file that it has in
                        // another version: that answer must not be cached.
                        context.Response.Headers.CacheControl =
                            hash == asset.Hash ? "public, max-age=31536000, immutable" : "no-store";
                        return Results.Bytes(asset.Content, asset.ContentType);
                    })
                .AllowAnonymous();
    }
}
