// Sends letters of one size through a pool of five connections, as fast as it takes them: each has a text of its own, and
// nothing is recorded. Prints how many were accepted, and the seconds from the first letter to the last answer.
const { randomBytes } = require('node:crypto')
const { createTransport } = require('nodemailer')

const [port, count, enclosureBytes, textBytes] = process.argv.slice(2).map(Number)
const transport = createTransport({
  host: '127.0.0.1',
  port,
  ignoreTLS: true,
  pool: true,
  maxConnections: 5,
  maxMessages: Infinity,
})
const enclosure = randomBytes(enclosureBytes)
const body = `${'x'.repeat(74)}\n`.repeat(Math.ceil(textBytes / 2 / 76))
const begun = performance.now()
let [next, accepted, answered] = [0, 0, 0]

function letter(number) {
  const greeting = `Permanent Mission of Land ${number} to the United Nations`
  return {
    from: 'Co-facilitators <letters@secretariat.example>',
    to: `${greeting} <m${number}@missions.example>`,
    envelope: { from: 'bounces@secretariat.example', to: `m${number}@missions.example` },
    subject: `Letter to the ${greeting}`,
    text: `${greeting}\n${body}`,
    html: `<p>${greeting}</p>\n<pre>${body}</pre>`,
    attachments: [{ filename: 'enclosure.pdf', contentType: 'application/pdf', content: enclosure }],
  }
}

async function send(number) {
  try {
    const answer = await transport.sendMail(letter(number))
    accepted += answer.accepted.length
  } catch (refusal) {
    console.error(refusal.message)
  }
  if (++answered < count) return
  console.log(JSON.stringify({ accepted, seconds: (performance.now() - begun) / 1000 }))
  transport.close()
}

function sendMore() {
  while (transport.isIdle() && next < count) send(++next)
}

transport.on('idle', sendMore)
sendMore()
