import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // V8 now and then ends a process in which WebAssembly came and went in many threads, as tests of the demo do all day:
    // "Check failed: jit_page.has_value()"
    execArgv: ['--no-memory-protection-keys'],
    allowOnly: process.env['CI'] === undefined,
    // how long a red test takes; a busy machine is not taken for a fault
    expect: { poll: { timeout: 60_000, interval: 50 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          // in their full counts some take minutes
          testTimeout: process.env['LIFEBOAT_FAULTS'] === 'full' ? 900_000 : 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'rig',
          include: ['tests/rig/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          // They share servers, and one of them takes a server down.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          // 1,200 verifications are one test
          testTimeout: process.env['LIFEBOAT_FAULTS'] === 'full' ? 7_200_000 : 900_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
