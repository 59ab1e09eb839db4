// Pictures in colours that every letter may have: a JPEG in four inks, as printing shops and some scanners make it, becomes one in red,
// green and blue. PDF/A takes no ink without a description of the press.
const inks = 4
const quality = 92
// As many dots as a signature may have, both ways.
const limits = { useTArray: true, formatAsRGBA: true, maxResolutionInMP: 25, maxMemoryUsageInMB: 600 }
// The same few pictures come with each letter of a roster.
const kept = 4
const converted = new Map()

// How many colours a dot has; null where the content is no JPEG. Segments are walked to the start of a frame.
function coloursOf (content) {
  if (content.readUInt16BE(0) !== 0xFFD8) return null
  for (let at = 2; at + 10 <= content.length && content[at] === 0xFF;) {
    const marker = content[at + 1]
    if (marker >= 0xC0 && marker <= 0xCF && ![0xC4, 0xC8, 0xCC].includes(marker)) return content[at + 9]
    at += marker === 0xFF ? 1 : marker === 0x01 || (marker >= 0xD0 && marker <= 0xD8) ? 2 : 2 + content.readUInt16BE(at + 2)
  }
  return null
}

// base64 and what comes back: a picture's file; jpeg: the library that reads and writes them.
export function inRgb (base64, jpeg) {
  const known = converted.get(base64)
  if (known) return known
  const content = Buffer.from(base64, 'base64')
  if (content.length < 12 || coloursOf(content) !== inks) return content
  let picture = content
  try {
    picture = jpeg.encode(jpeg.decode(content, limits), quality).data
  } catch (unreadable) {
    // The typesetter says of it what it says of any picture that it cannot read.
    console.error(`a picture could not be converted: ${unreadable.message}`)
  }
  if (converted.size >= kept) converted.delete(converted.keys().next().value)
  converted.set(base64, picture)
  return picture
}
