import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readDump } from '#engine/dump/read.ts'

const head = `--
-- PostgreSQL database dump
--

-- Dumped from database version 18.1
-- Dumped by pg_dump version 18.1

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

`
const tail = `
--
-- PostgreSQL database dump complete
--

`

const outcomeOf = async (text: string) =>
  (await readDump(Readable.from([Buffer.from(`${head}${text}\n${tail}`)]))).outcome

it.each([
  ['a function that reads a file', `SELECT pg_catalog.lo_import('/etc/passwd');`],
  ['a block of code', `DO $$ begin execute 'copy t from program ''id'''; end $$;`],
  ['a call', 'CALL public.p();'],
])('never proves a dump with %s: pg_dump writes no such statement', async (_what, text) => {
  expect(await outcomeOf(text)).toBe('not-checked')
})

it.each([
  ['on the line of a COPY', 'CREATE TABLE public.t (\n    a text\n);\nCOPY public.t (a) FROM stdin; \\! id\nx\n\\.\n'],
  ['on a line of its own', '\\! id'],
])('refuses a command to psql %s', async (_where, text) => {
  expect(await outcomeOf(text)).toBe('refused')
})

it.each([
  ['a sequence value', `SELECT pg_catalog.setval('public.s', 42, true);`],
  ['planner statistics', `SELECT * FROM pg_catalog.pg_restore_relation_stats(\n\t'version', '180001'::integer\n);`],
])('takes %s as its own', async (_what, text) => {
  expect(await outcomeOf(text)).toBe('proven')
})
