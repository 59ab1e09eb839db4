// Loaded with --require into every Node process that Local starts, so that it ends with its parent. The parent holds
// the other end of standard input, so the end of input means that the parent has stopped this process or has ended
// itself, even where it was killed.
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

// Ctrl-C in a terminal sends SIGINT to all its processes at once. It is ignored here, because the parent decides when
// this process ends: it may still be writing.
process.on('SIGINT', () => {})
for (const subscribe of ['on', 'once', 'addListener']) {
  const original = process[subscribe]
  process[subscribe] = function (event, listener) {
    return event === 'SIGINT' ? this : original.call(this, event, listener)
  }
}
