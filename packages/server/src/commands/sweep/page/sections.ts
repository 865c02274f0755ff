import type { Count, SweepReport, ReportTally } from '../../../sweep/ledger/report.ts';
import { barChart, tallyLabel, shortened, type Bar, type Segment } from './bars.ts';
import { columnChart } from './columns.ts';
import { markup, type Markup } from '../../../browser/markup.ts';
import { counted, percent, short, whole } from './numbers.ts';
import { countTable, newestTable, tallyTable } from './tables.ts';

/** The most bars of a chart. Its table has all rows of the report. */
const BARS = 20;
/** The most columns of a chart, because a registry may send any year. */
const COLUMNS = 30;

export function rules(report: SweepReport): Markup {
  const { byRule, verdicts } = report;
  if (byRule.length === 0) return section('rules', 'By rule', [nothing('No rule found anything.')]);
  return section('rules', 'By rule', [
    markup`<p class="quiet">Archives in which a rule found something.</p>`,
    legend(['rejected', 'warned'], {
      rejected: 'the rule rejects',
      warned: 'the rule reports, and lets pass',
    }),
    ruleBars('rules-chart', byRule, verdicts),
    countTable('Archives by rule', byRule, { key: 'rule', all: verdicts }),
  ]);
}

function ruleBars(id: string, counts: readonly Count[], all: number): Markup {
  const top = shortened(counts, BARS, sum);
  return barChart(
    { id, title: 'Archives by rule', description: summary(top, all) },
    top.map((row): Bar => ({
      label: tallyLabel(row),
      note: `${whole(row.count)} (${percent(row.count, all)})`,
      segments: [
        { class: 'rejected', value: row.rejected },
        { class: 'warned', value: row.warned },
      ],
    })),
  );
}

export function years({ byYear, versions }: SweepReport): Markup {
  if (byYear.length === 0)
    return section('years', 'By year', [nothing('No package version is known.')]);
  const shown = mostFrequent(byYear);
  const notes = shown.map(noteOf);
  const description = summary(shown, versions);
  return section('years', 'By year', [
    markup`<p class="quiet">Package versions, by the year in which they were published.</p>`,
    legend(['rejected', 'warned', 'clean']),
    columnChart(
      { id: 'years-chart', title: 'Package versions by year', description },
      shown.map((row, at) => ({ label: row.key, note: notes[at]!, segments: stack(row) })),
      { unit: 'package versions', mark: short },
    ),
    columnChart(
      { id: 'shares-chart', title: 'Share with findings by year', description },
      shown.map((row, at) => ({
        label: row.key,
        note: notes[at]!,
        segments: stack(row)
          .filter((segment) => segment.class !== 'clean')
          .map((segment) => ({ ...segment, value: (100 * segment.value) / row.count })),
      })),
      { unit: 'share of the year with findings', mark: (value) => `${Number(value.toFixed(3))} %` },
    ),
    countTable('Package versions by year', byYear, { key: 'year', all: versions }),
  ]);
}

export function packers({ byPacker, versions }: SweepReport): Markup {
  if (byPacker.length === 0)
    return section('packers', 'By packer', [nothing('No package version is known.')]);
  const top = shortened(byPacker, BARS, sum);
  return section('packers', 'By packer', [
    markup`<p class="quiet">Package versions, by the program that packed them, as the publisher says.</p>`,
    legend(['rejected', 'warned', 'clean']),
    barChart(
      {
        id: 'packers-chart',
        title: 'Package versions by packer',
        description: summary(top, versions),
      },
      top.map((row) => ({ label: tallyLabel(row), note: noteOf(row), segments: stack(row) })),
    ),
    countTable('Package versions by packer', byPacker, { key: 'packer', all: versions }),
  ]);
}

export function newSinceSection({
  newlyRejected: { since, archives, byRule, newest },
}: SweepReport): Markup {
  const title = since === null ? 'Rejected, the newest' : `New since ${since}`;
  if (archives === 0) return section('new', title, [nothing('Nothing was rejected.')]);
  const about =
    since === null
      ? `${counted(archives, 'archive')} rejected in all.`
      : `${counted(archives, 'archive')} rejected since ${since}, and not before.`;
  return section('new', title, [
    markup`<p class="quiet">${about}</p>`,
    ...(since === null ? [] : [ruleBars('new-chart', byRule, archives)]),
    newestTable(newest),
  ]);
}

export function notInspectedSection({ whyNotInspected, notInspected: all }: SweepReport): Markup {
  if (all === 0) return section('open', 'Not inspected', [nothing('Everything was inspected.')]);
  const top = shortened<ReportTally>(whyNotInspected, BARS, (rest) => ({
    key: '',
    count: rest.reduce((count, row) => count + row.count, 0),
  }));
  return section('open', 'Not inspected', [
    markup`<p class="quiet">What has no verdict, by reason. A later sweep tries it again.</p>`,
    barChart(
      {
        id: 'open-chart',
        title: 'Not inspected, by reason',
        description: top.map((row) => `${tallyLabel(row)}: ${whole(row.count)}`).join('; '),
      },
      top.map((row) => ({
        label: tallyLabel(row),
        note: `${whole(row.count)} (${percent(row.count, all)})`,
        segments: [{ class: 'plain', value: row.count }],
      })),
    ),
    tallyTable('Not inspected, by reason', whyNotInspected, 'reason'),
  ]);
}

/** In their order. */
function mostFrequent(counts: readonly Count[]): Count[] {
  const most = counts.toSorted((count, other) => other.count - count.count).slice(0, COLUMNS);
  return counts.filter((count) => most.includes(count));
}

function section(id: string, title: string, content: readonly Markup[]): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}
</section>`;
}

function nothing(text: string): Markup {
  return markup`<p class="quiet">${text}</p>`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  rejected: 'rejected',
  warned: 'accepted with findings',
  clean: 'accepted without findings',
};

function legend(names: readonly Segment['class'][], meanings = MEANINGS): Markup {
  return markup`<ul class="legend">${names.map(
    (name) => markup`<li><span class="${name}"></span>${meanings[name] ?? name}</li>`,
  )}</ul>`;
}

/** From below. */
function stack({ count, rejected, warned }: Count): Segment[] {
  return [
    { class: 'rejected', value: rejected },
    { class: 'warned', value: warned },
    { class: 'clean', value: count - rejected - warned },
  ];
}

function noteOf({ count, rejected, warned }: Count): string {
  return `${whole(count)}, ${percent(warned, count)} with findings, ${percent(rejected, count)} rejected`;
}

function summary(rows: readonly Count[], all: number): string {
  const first = rows.slice(0, 5).map((row) => `${tallyLabel(row)} ${percent(row.count, all)}`);
  const rest = rows.length > first.length ? '; the table below has the others' : '';
  return `${first.join(', ')}${rest}`;
}

function sum(rows: readonly Count[]): Count {
  const all = (value: (row: Count) => number): number =>
    rows.reduce((count, row) => count + value(row), 0);
  return {
    key: '',
    count: all((row) => row.count),
    rejected: all((row) => row.rejected),
    warned: all((row) => row.warned),
  };
}
