import { guessCounter } from './guesses.ts'

// The estimator and its megabyte of words live here: no keystroke of the window waits for them.
const count = guessCounter()
self.addEventListener('message', ({ data }: MessageEvent<string>) => self.postMessage(count(data)))
