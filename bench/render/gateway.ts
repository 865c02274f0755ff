/* The gateway's figures in one table, for the page about the gateway: each beside those of the registry and of verdaccio. */
import type { Report, Row, Spread } from '../result.ts';
import { goalText, rateText } from './table.ts';

const GATEWAY = /^the gateway(?:, (.+))?$/;
const HEADS = [
  '',
  'the gateway',
  'verdaccio 6',
  'compared to verdaccio',
  'to the bare registry',
  'goal',
];

/** The lines of the part `gateway` that have its name, as Markdown; undefined if it was not measured. */
export function gatewayTable(report: Report): string | undefined {
  const result = Object.hasOwn(report, 'gateway') ? report['gateway'] : undefined;
  const lines = (result?.rows ?? []).flatMap((row) => {
    const found = GATEWAY.exec(row.name);
    if (found === null || row.unit === 'cpu ms') return [];
    const other = result!.rows.find(
      ({ group, name }) =>
        group === row.group && name === row.name.replace('the gateway', 'verdaccio 6'),
    );
    const title = row.group.replace(/^gateway: /, '').replace(/, the time of a request$/, '');
    return [
      [
        [title, found[1]].filter((words) => words !== undefined).join(': '),
        figure(row),
        other === undefined ? '' : figure(other),
        comparedText(row),
        times(row.bareSpeed),
        goalText(row),
      ],
    ];
  });
  if (result === undefined || lines.length === 0) return undefined;
  const rounds = Math.max(...result.rows.map((row) => row.rounds));
  return [
    ...[HEADS, HEADS.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Median of ${rounds} rounds, ${result.date}, Node ${result.node.replace(/^v/, '')}, ${result.cores} cores.`,
  ].join('\n');
}

function figure({ time, requests, peakBytes }: Row): string {
  const speed =
    requests === undefined
      ? `${Number(time.median.toPrecision(3))} ms`
      : `${rateText(requests, time)} a second`;
  return peakBytes === undefined ? speed : `${Math.round(peakBytes / 1e6)} MB`;
}

const comparedText = ({ speed, ratio }: Row): string =>
  speed ? `${times(speed)} the speed` : ratio ? `${times(ratio)} the time` : '';

const times = (ratio: Spread | undefined): string =>
  ratio === undefined ? '' : `${ratio.median.toFixed(2)} ×`;
