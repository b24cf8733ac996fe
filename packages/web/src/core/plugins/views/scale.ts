import type { ChartView } from '@callboard/model/plugins';

type Place = number | string;

/** A round step that divides a span into about four. */
function roundStep(span: number): number {
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = raw / power;
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}

/** Where things stand in a chart: all places in order, shares of the width and the height from 0 to 1, and round marks. */
export function scaleOf(series: ChartView['series'], kind: ChartView['kind']) {
  const all = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))];
  const inTime = all.every((place) => typeof place === 'number');
  const places: Place[] = inTime ? all.toSorted((a, b) => a - b) : all;
  const values = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Bars and areas stand on zero; a line keeps to its own range unless zero is near.
  const from = kind !== 'line' || (low >= 0 && low <= high / 2) ? Math.min(0, low) : low;
  const to = kind === 'line' ? high : Math.max(0, high);
  const step = roundStep(to - from || Math.abs(to) || 1);
  const least = Math.floor(from / step) * step;
  const most = Math.max(Math.ceil(to / step) * step, least + step);
  const marks = Array.from({ length: Math.round((most - least) / step) + 1 }, (_, index) =>
    Number((least + index * step).toPrecision(12)),
  );
  const index = new Map(places.map((place, at) => [place, at]));
  const first = places[0];
  const last = places.at(-1);
  return {
    places,
    least,
    most,
    marks,
    across(place: Place): number {
      if (kind === 'bar') return ((index.get(place) ?? 0) + 0.5) / places.length;
      if (inTime)
        return first === last ? 0.5 : ((place as number) - (first as number)) / ((last as number) - (first as number));
      return places.length === 1 ? 0.5 : (index.get(place) ?? 0) / (places.length - 1);
    },
    up: (value: number): number => (value - least) / (most - least),
  };
}
