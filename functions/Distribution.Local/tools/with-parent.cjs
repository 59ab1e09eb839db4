// Required into every Node process Local starts: it lives no longer than whoever started it. The parent holds the other
// end of standard input, so the end of input means the parent has stopped it or is gone, killed or not.
'use strict'

const grace = 3000

process.stdin.on('error', () => {}).on('close', leave).resume()

let leaving = false
function leave () {
  if (leaving) return
  leaving = true
  setTimeout(() => process.exit(0), grace).unref()
  if (!process.emit('SIGTERM')) process.exit(0)
}

// Ctrl-C in a terminal reaches every process of it at once. The parent decides when this one may go: it may be writing yet.
process.on('SIGINT', () => {})
for (const subscribe of ['on', 'once', 'addListener']) {
  const original = process[subscribe]
  process[subscribe] = function (event, listener) {
    return event === 'SIGINT' ? this : original.call(this, event, listener)
  }
}
