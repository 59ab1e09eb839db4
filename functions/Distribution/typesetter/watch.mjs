// Runs beside the typesetting, in a thread of its own: a letter being set hears nothing of the end of standard input. When whoever
// started the typesetter is gone, killed or not, the whole process ends.
const starter = process.ppid
const glance = 500

function isThere () {
  if (process.ppid !== starter) return false
  try {
    process.kill(starter, 0)
    return true
  } catch (error) {
    // Whoever may not be signalled is there.
    return error.code === 'EPERM'
  }
}

setInterval(() => { if (!isThere()) process.kill(process.pid, 'SIGKILL') }, glance)
