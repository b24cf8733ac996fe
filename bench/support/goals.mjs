/** What the portal is meant to hold on four free cores, with what was measured. A busy machine misses them without any fault of the portal. */
const limits = [
  { name: 'ready, empty (ms)', limit: 1000, of: ({ start }) => start?.readyMs?.empty.median },
  { name: 'ready, example (ms)', limit: 1000, of: ({ start }) => start?.readyMs?.example.median },
  { name: 'idle memory, example (MiB)', limit: 160, of: ({ start }) => start?.exampleMemory?.residentMiB },
  {
    name: 'ingest 10,000 (ms)',
    size: 10_000,
    limit: { sqlite: 4000, postgres: 6000 },
    of: ({ catalog }) => catalog.ingest.queryableMs.median,
  },
  { name: 'ingest 100,000 (ms)', size: 100_000, limit: 40_000, of: ({ catalog }) => catalog.ingest.queryableMs.median },
  {
    name: 'unchanged 10,000, ready (ms)',
    size: 10_000,
    limit: 1500,
    of: ({ catalog }) => catalog.unchangedRestart?.readyMs.median,
  },
  {
    name: 'unchanged 10,000, verified (ms)',
    size: 10_000,
    limit: 2000,
    of: ({ catalog }) => catalog.unchangedRestart?.verifiedUnchangedMs.median,
  },
  {
    name: 'one changed file of 100 (ms)',
    size: 10_000,
    limit: 300,
    of: ({ catalog }) => catalog.change?.visibleMs.median,
  },
  {
    name: 'one changed file of 100, found by search (ms)',
    size: 10_000,
    limit: 1000,
    of: ({ catalog }) => catalog.change?.searchableMs.median,
  },
  {
    name: 'one changed file of 10,000 (ms)',
    size: 10_000,
    limit: 300,
    of: ({ single }) => single?.change.visibleMs.median,
  },
  {
    name: 'idle memory, 10,000 (MiB)',
    size: 10_000,
    limit: 300,
    of: ({ catalog }) => catalog.memory?.residentAfterIngestMiB,
  },
  {
    name: 'list at 100,000, mean inside the server (ms)',
    size: 100_000,
    limit: 5,
    of: ({ catalog }) => catalog.queries?.list.insideServerMs?.mean,
  },
  {
    name: 'entity at 100,000, mean inside the server (ms)',
    size: 100_000,
    limit: 5,
    of: ({ catalog }) => catalog.queries?.byName.insideServerMs?.mean,
  },
  {
    name: 'two-hop graph at 100,000, mean inside the server (ms)',
    size: 100_000,
    limit: 5,
    of: ({ catalog }) => catalog.queries?.graphTwoHops.insideServerMs?.mean,
  },
  {
    name: 'facets at 100,000, mean inside the server (ms)',
    size: 100_000,
    limit: 30,
    of: ({ catalog }) => catalog.queries?.facets.insideServerMs?.mean,
  },
  {
    name: 'longest stall while 100,000 are read (ms)',
    size: 100_000,
    limit: 50,
    of: ({ catalog }) => catalog.ingest.longestStallMs?.median,
  },
  {
    name: 'longest stall during queries at 100,000 (ms)',
    size: 100_000,
    limit: 50,
    of: ({ catalog }) => catalog.longestStallMs,
  },
];

const webLimits = [
  { name: 'first route, JavaScript (kB gzip)', limit: 170, of: ({ routes }) => routes.home.jsKb },
  { name: 'first route, CSS (kB gzip)', limit: 36, of: ({ routes }) => routes.home.cssKb },
  { name: 'catalog as first route, JavaScript (kB gzip)', limit: 170, of: ({ routes }) => routes.catalog.jsKb },
  { name: 'first 50 rows of 10,000, cold (ms)', limit: 1500, of: (web) => web.catalogFirstRowsMs.cold.median },
  { name: 'first 50 rows of 10,000, later (ms)', limit: 300, of: (web) => web.catalogFirstRowsMs.later.median },
  { name: 'filter to rows (ms)', limit: 150, of: (web) => web.filterMs.median },
  { name: 'longest frame in a scroll of the table (ms)', limit: 100, of: (web) => web.longestFrameInScrollMs.median },
  { name: 'palette, key to results (ms)', limit: 100, of: (web) => web.paletteMs.median },
  { name: 'layout shift', limit: 0.02, of: (web) => web.largestLayoutShift },
];

const searchLimits = [
  { name: 'building the index of 200,000 documents (ms)', limit: 60_000, of: ({ buildMs }) => buildMs },
  { name: 'longest stall meanwhile (ms)', limit: 50, of: ({ longestStallMs }) => longestStallMs },
  { name: 'slowest kind of search, half of all, over HTTP (ms)', limit: 15, of: ({ slowestKind }) => slowestKind.p50 },
  { name: 'slowest kind of search, 99 of 100, over HTTP (ms)', limit: 60, of: ({ slowestKind }) => slowestKind.p99 },
  {
    name: 'slowest prefix of the palette, half of all (ms)',
    limit: 8,
    of: ({ slowestKind }) => slowestKind.paletteP50,
  },
];

const outsideLimits = [
  {
    name: 'outside systems when nothing changes (% of one core)',
    limit: 5,
    of: ({ moreProcessorPercent }) => moreProcessorPercent,
  },
  { name: 'more memory with outside systems (MiB)', limit: 200, of: ({ moreMemoryMiB }) => moreMemoryMiB },
  { name: 'page of an entity with all cards, all its requests (ms)', limit: 150, of: ({ page }) => page.pageMs.median },
];

/** Every limit that this run has a figure for. */
export function goals({ start, catalogs, singleFiles, web, searchSize, outside }) {
  const rowsOf = (list, own) =>
    list.flatMap((figures) =>
      own.map(({ name, limit, of }) => {
        const measured = of(figures);
        return { database: figures.database, name, limit, measured, met: measured <= limit };
      }),
    );
  const large = searchSize.filter(({ entities }) => entities === 100_000);
  const rows = [...rowsOf(large, searchLimits), ...rowsOf(web, webLimits), ...rowsOf(outside, outsideLimits)];
  for (const { database, ...figures } of start) {
    for (const { name, size, limit, of } of limits) {
      const found = (list) => list.find((one) => one.database === database && one.entities === size);
      const catalog = found(catalogs);
      if (size && !catalog) continue;
      const measured = of({ start: figures, catalog, single: found(singleFiles) });
      if (measured === undefined) continue;
      const most = typeof limit === 'number' ? limit : limit[database];
      rows.push({ database, name, limit: most, measured, met: measured <= most });
    }
  }
  return rows;
}
