/*
 * Writes a report as one HTML file. It has no script and loads nothing, and its content policy forbids both. Its names and texts come from
 * publishers, through registries and a ledger, so `markup` turns them into plain text.
 */
import { createHash } from 'node:crypto';
import type { SweepReport } from '../../../sweep/ledger/report.ts';
import { markup, type Markup } from '../../../browser/markup.ts';
import { counted, percent, whole } from './numbers.ts';
import { newSinceSection, notInspectedSection, packers, rules, years } from './sections.ts';
import { STYLE } from './style.ts';

/** The page allows this style by its hash, so that no text can add another one. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE.text).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** @param now The time at which the ledger was read. */
export function reportPage(report: SweepReport, now: Date): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Sweep report</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>Sweep report</h1>
<p class="quiet">Verdicts of rule set ${report.ruleset}, as the ledger had them on ${dayAndMinute(now)} UTC.</p>
${tiles(report)}
</header>
${rules(report)}
${years(report)}
${packers(report)}
${newSinceSection(report)}
${notInspectedSection(report)}
<footer>Made by tarwarden. What packed an archive, and when it was published, is what the registry says.</footer>
</main>
</body>
</html>
`.text;
}

function tiles(report: SweepReport): Markup {
  const { verdicts, rejected, warned, versions } = report;
  const clean = verdicts - rejected - warned;
  const shown: readonly (readonly [string, string, string, string])[] = [
    ['plain', 'Package versions', whole(versions), counted(verdicts, 'verdict')],
    ['clean', 'Accepted, no findings', whole(clean), percent(clean, verdicts)],
    ['warned', 'Accepted with findings', whole(warned), percent(warned, verdicts)],
    ['rejected', 'Rejected', whole(rejected), percent(rejected, verdicts)],
    [
      'plain',
      'Not inspected',
      whole(report.notInspected),
      `${counted(report.outstanding, 'task')} left`,
    ],
  ];
  return markup`<dl class="tiles">${shown.map(
    ([name, label, value, note]) =>
      markup`<div class="is-${name}"><dt>${label}</dt><dd>${value}</dd><dd>${note}</dd></div>`,
  )}</dl>`;
}

function dayAndMinute(time: Date): string {
  return time.toISOString().slice(0, 16).replace('T', ' ');
}
