import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { quote } from '../../text/printable.ts';

/** The bytes of an entry, from its header to the end of its data. */
export interface EntrySpan {
  readonly from: number;
  readonly to: number;
  readonly entry: string;
}

/** Reports bytes before `end` that belong to no entry, or to two. */
export function reportPlaces(
  places: readonly EntrySpan[],
  end: number,
  report: ReportAnomaly,
): void {
  const sorted = places.toSorted((a, b) => a.from - b.from || a.to - b.to);
  let at = 0;
  for (const { from, to, entry } of [...sorted, { from: end, to: end, entry: '' }]) {
    if (from > at) {
      report({ layer: 'zip', code: 'zip-gap', offset: at, detail: `${from - at} bytes` });
    } else if (from < at) {
      report({
        layer: 'zip',
        code: 'zip-overlap',
        offset: from,
        detail: quote(entry),
        ...(entry !== '' && { entry }),
      });
    }
    at = Math.max(at, to);
  }
}
