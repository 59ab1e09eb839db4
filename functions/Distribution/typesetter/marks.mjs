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

function markedCatalog (object) {
  return inserted(object, /\/ViewerPreferences <</, '\n    /DisplayDocTitle true')
}

// The file with some of its objects changed, by their numbers, and the table of where they are with them.
function withObjects (file, changes) {
  const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)[1])
  const [head, from, count] = /^xref\n(\d+) (\d+)\n/.exec(file.slice(table))
  const entries = Array.from({ length: Number(count) }, (_, place) => {
    const entry = file.slice(table + head.length + 20 * place, table + head.length + 20 * (place + 1))
    return { number: Number(from) + place, entry, offset: Number(entry.slice(0, 10)), inUse: entry[17] === 'n' }
  })
  const objects = entries.filter(entry => entry.inUse).sort((one, other) => one.offset - other.offset)
  let body = file.slice(0, objects[0].offset)
  objects.forEach((object, place) => {
    const text = file.slice(object.offset, objects[place + 1]?.offset ?? table)
    object.entry = String(body.length).padStart(10, '0') + object.entry.slice(10)
    body += changes[object.number]?.(text) ?? text
  })
  const trailer = file.slice(table + head.length + 20 * entries.length).replace(/startxref\s+\d+/, `startxref\n${body.length}`)
  return body + head + entries.map(entry => entry.entry).join('') + trailer
}

// pdf is a Buffer, as is what comes back.
export function accessible (pdf) {
  const file = pdf.toString(encoding)
  const catalog = /\/Root (\d+) 0 R/.exec(file.slice(file.lastIndexOf('trailer')))[1]
  const metadata = new RegExp(`\\n${catalog} 0 obj\\b[^]*?/Metadata (\\d+) 0 R`).exec(file)[1]
  return Buffer.from(withObjects(file, { [catalog]: markedCatalog, [metadata]: markedMetadata }), encoding)
}
