// Typesets letters for whoever started it: one request a line on standard input, one answer a line on standard output.
// It leaves when its standard input ends, and when whoever started it is gone.
import { readFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { accessible } from './marks.mjs'
import { inRgb } from './pictures.mjs'

const [folder, workspace] = process.argv.slice(2)
new Worker(new URL('watch.mjs', import.meta.url)).unref()
const modules = path.join(folder, 'node_modules')
const require = createRequire(pathToFileURL(path.join(folder, 'package.json')))

const faces = [
  ['noto-serif', 'NotoSerif', ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic']],
  ['noto-serif-sc', 'NotoSerifSC', ['400Regular', '700Bold']],
  ['amiri', 'Amiri', ['400Regular', '400Regular_Italic', '700Bold']]
].map(([name, family, styles]) => styles.map(style => readFileSync(path.join(modules, '@expo-google-fonts', name, style, `${family}_${style}.ttf`))))

const { NodeCompiler } = require('@myriaddreamin/typst-ts-node-compiler')
const fontkit = require('fontkit')
const jpeg = require('jpeg-js')

mkdirSync(workspace, { recursive: true })
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs: faces.flat() }] })
const printable = new Set(faces.flatMap(([regular]) => fontkit.create(regular).characterSet))

// Signs that guide the setting of others and are not seen themselves.
const unseen = /^[\p{Default_Ignorable_Code_Point}\n]$/u

// What one letter was set from helps the next, for as long as the two have much in common.
const keepFor = 2

// How far a template can close its lines up: letter.json says how far it is to, from 0. Nobody minds the last page of a long letter.
const tightest = 5
const longest = 5
const at = name => path.join(workspace, name)
const undecodable = /decode|image format/i

function missing (value, found = new Set()) {
  if (typeof value === 'string') {
    for (const sign of value) if (!unseen.test(sign) && !printable.has(sign.codePointAt(0))) found.add(sign)
  } else if (value !== null && typeof value === 'object') Object.values(value).forEach(inner => missing(inner, found))
  return found
}

// Some diagnostics come as the binding prints them: only their messages are for people, and no folder of this machine is.
function inWords (message) {
  const quoted = [...message.matchAll(/\bmessage: "((?:[^"\\]|\\.)*)"/g)].map(([, words]) => words.replace(/\\(.)/g, '$1'))
  return (quoted.length > 0 ? quoted[0] : message).replaceAll(workspace + path.sep, '').replaceAll(workspace, 'the letter')
}

function explain (error) {
  const [first] = compiler.fetchDiagnostics(error)
  const line = first?.range && path.basename(first.path ?? '') === 'letter.typ' ? first.range.start.line + 1 : null
  return { words: inWords(first?.message ?? 'the typesetter gave no reason'), line, image: null }
}

function isImage (name) {
  const trial = compiler.compile({ mainFileContent: `#image(${JSON.stringify(name)})` })
  return !trial.hasError() && trial.result !== null
}

function compile (document, tightness) {
  compiler.mapShadow(at('letter.json'), Buffer.from(JSON.stringify({ ...document, tightness })))
  return compiler.compile({ mainFilePath: at('letter.typ') })
}

// Sets a letter as closely as is given; or, where that is left to it, no closer than it takes to save its last page.
function fit (document, tightness) {
  const loose = { tightness: tightness ?? 0, compiled: compile(document, tightness ?? 0) }
  const pages = loose.compiled.result?.numOfPages ?? 0
  if (tightness !== null || pages < 2 || pages > longest) return loose
  const saves = compiled => compiled.result !== null && compiled.result.numOfPages < pages
  const closest = { tightness: tightest, compiled: compile(document, tightest) }
  if (!saves(closest.compiled)) return loose
  for (let closer = 1; closer < tightest; closer++) {
    const compiled = compile(document, closer)
    if (saves(compiled)) return { tightness: closer, compiled }
  }
  return closest
}

function typeset ({ template, document, images, tightness: asked, timestamp, most_pages: mostPages, most_bytes: mostBytes }) {
  const lost = [...missing({ ...document, verification: { ...document.verification, code: '' } })]
  if (lost.length > 0) return { missing: lost }
  compiler.resetShadow()
  compiler.mapShadow(at('letter.typ'), Buffer.from(template))
  for (const [name, content] of Object.entries(images)) compiler.mapShadow(at(name), inRgb(content, jpeg))
  try {
    const { tightness, compiled } = fit(document, asked)
    if (!compiled.result) {
      const problem = explain(compiled.takeError() ?? compiled.takeDiagnostics())
      if (undecodable.test(problem.words)) problem.image = Object.keys(images).find(name => !isImage(name)) ?? null
      return { problem }
    }
    const pages = compiled.result.numOfPages
    if (pages > mostPages) return { pages }
    // Exported once for the checks of PDF/UA-1, and once for those of PDF/A-2a: a letter bears both marks only where it passes both.
    const exported = standard => compiler.pdf(compiled.result, { pdfStandard: standard, creationTimestamp: timestamp })
    exported('ua-1')
    const pdf = accessible(exported('a-2a'), document.row_header)
    return pdf.length > mostBytes ? { pages, bytes: pdf.length } : { pdf: pdf.toString('base64'), pages, bytes: pdf.length, tightness }
  } catch (error) {
    // The binding throws diagnostics of its own kind, and ordinary errors.
    return { problem: error instanceof Error && error.message ? { words: inWords(error.message), line: null, image: null } : explain(error.code ?? error) }
  } finally {
    compiler.evictCache(keepFor)
  }
}

console.log = console.info = console.debug = console.error
process.stdout.write('{"ready":true}\n')
createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', line => {
  const answer = typeset(JSON.parse(line))
  process.stdout.write(`${JSON.stringify({ missing: [], pdf: null, pages: 0, bytes: 0, tightness: 0, problem: null, ...answer })}\n`)
}).on('close', () => process.exit(0))
