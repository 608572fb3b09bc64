/** How the names of dump files end: what pg_dump and people's scripts write, plain or compressed. */
export const dumpEnding = /\.((?:sql|dump|pgdump|backup)(?:\.(?:gz|zst|zstd))?)$/i
