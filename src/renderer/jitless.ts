import { z } from 'zod'

// Has to run before the first schema is built: the window's policy forbids code made from strings, and zod would try it.
z.config({ jitless: true })
