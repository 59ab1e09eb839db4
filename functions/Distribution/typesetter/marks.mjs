// Gives a PDF that was exported as PDF/A-2a the mark of PDF/UA-1 too: the typesetter exports one standard at a time, and what is asked
// for beside PDF/A-2a is a title in the window's bar and an identifier, whose schema PDF/A wants described.
const identifier = `<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of PDF/UA to which the document conforms</pdfaProperty:description><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>`

// One character is one byte.
const encoding = 'latin1'

function inserted (text, found, insertion) {
  const match = found.exec(text)
  if (!match) throw new Error(`the PDF has no ${found.source} to be marked at`)
  const at = match.index + match[0].length
  return text.slice(0, at) + insertion + text.slice(at)
}

function markedMetadata (object) {
  let marked = inserted(object, /<rdf:Description\b/, ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"')
  marked = inserted(marked, /<pdfaExtension:schemas><rdf:Bag>/, identifier)
  marked = inserted(marked, /<\/pdfaExtension:schemas>/, '<pdfuaid:part>1</pdfuaid:part>')
  return marked.replace(/\/Length (\d+)/, (_, length) => `/Length ${Number(length) + marked.length - object.length}`)
}

// Without the direction of the pages: where it is from right to left, Chromium turns every Latin word that is copied, and with it the
// reference by which a letter is checked. No other viewer was seen to make anything of it.
function markedCatalog (object) {
  return inserted(object, /\/ViewerPreferences <</, '\n    /DisplayDocTitle true').replace(/\n *\/Direction \/\w+/, '')
}

// The typesetter makes no headers of rows. Where a cell names its headers, nothing but those is read out with it: without names, those of
// its row and its column are.
const asRowHeader = object => unnamed(object).replace('/S /TD', '/S /TH').replace('/O /Table', '/O /Table\n    /Scope /Row')
const unnamed = object => object.replace(/\n *\/Headers \[[^\]]*\]/, '')

function rowHeaders (objects, column) {
  const changes = {}
  for (const { text } of objects.values()) {
    if (!/\/S \/TR\b/.test(text)) continue
    const cells = [...(/\/K \[([^\]]*)\]/.exec(text)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(([, number]) => Number(number))
    if (!cells.every(cell => /\/S \/TD\b[^]*\/O \/Table\b/.test(objects.get(cell)?.text))) continue
    cells.forEach((cell, place) => { changes[cell] = place === column ? asRowHeader : unnamed })
  }
  return changes
}

// What a file consists of: what stands before its objects, the objects by their numbers, and the table of where they are.
function parsed (file) {
  const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)[1])
  const [head, from, count] = /^xref\n(\d+) (\d+)\n/.exec(file.slice(table))
  const entries = Array.from({ length: Number(count) }, (_, place) => {
    const entry = file.slice(table + head.length + 20 * place, table + head.length + 20 * (place + 1))
    return { number: Number(from) + place, entry, offset: Number(entry.slice(0, 10)), inUse: entry[17] === 'n' }
  })
  const inUse = entries.filter(entry => entry.inUse).sort((one, other) => one.offset - other.offset)
  inUse.forEach((object, place) => { object.text = file.slice(object.offset, inUse[place + 1]?.offset ?? table) })
  return {
    before: file.slice(0, inUse[0].offset),
    objects: new Map(inUse.map(object => [object.number, object])),
    head,
    entries,
    trailer: file.slice(table + head.length + 20 * entries.length)
  }
}

// pdf is a Buffer, as is what comes back. rowHeader: which column of the document's tables names their rows, from 0; if any does.
export function accessible (pdf, rowHeader) {
  const { before, objects, head, entries, trailer } = parsed(pdf.toString(encoding))
  const catalog = Number(/\/Root (\d+) 0 R/.exec(trailer)[1])
  const metadata = Number(/\/Metadata (\d+) 0 R/.exec(objects.get(catalog).text)[1])
  const changes = { ...rowHeader === undefined ? {} : rowHeaders(objects, rowHeader), [catalog]: markedCatalog, [metadata]: markedMetadata }
  let body = before
  for (const object of objects.values()) {
    object.entry = String(body.length).padStart(10, '0') + object.entry.slice(10)
    body += changes[object.number]?.(object.text) ?? object.text
  }
  const end = trailer.replace(/startxref\s+\d+/, `startxref\n${body.length}`)
  return Buffer.from(body + head + entries.map(entry => entry.entry).join('') + end, encoding)
}
