/* The parts of a page that show a refused archive: its facts, and what was found in it. */
import { rules, type Exception, type Finding } from '@tarwarden/core';
import { byWeight, plainSentence, rejects, remedyFor } from '@tarwarden/core/report';
import { escapedJson } from '@tarwarden/core/text';
import type { Refusal } from '../approvals/service.ts';
import { markup, NOTHING, plainText, type Markup } from '../browser/markup.ts';
import { linesOf, longText, pagePath, timeText, WHOLE_CHARS_MAX, type PageView } from './layout.ts';

/** The most findings of a list. */
const FINDINGS_MAX = 200;

/** The facts about the archive, without opinions. */
export function archiveFacts({ label, registry, ecosystem, sha512, bytes, at }: Refusal): Markup {
  return markup`<dl>
<dt>Package</dt><dd>${longText(label)}</dd>
<dt>Registry</dt><dd>${registry} (${ecosystem})</dd>
<dt>Size</dt><dd>${bytes.toLocaleString('en-US')} bytes</dd>
<dt>SHA-512</dt><dd><code>${sha512}</code></dd>
<dt>Refused</dt><dd>${timeText(at)}</dd>
</dl>`;
}

/** The findings as `tarwarden explain` lists them, and their text for a terminal. */
export function findingsSection(view: PageView, refusal: Refusal): Markup {
  const { findings, omitted, text } = refusal;
  const sentence = plainSentence(findings.filter(rejects).map(({ rule }) => rule));
  return markup`<section aria-labelledby="found">
<h2 id="found">What was found</h2>
${sentence === undefined ? NOTHING : markup`<p>${sentence}</p>`}
${findingList(view, refusal, byWeight(findings))}
${omitted > 0 ? markup`<p>${omitted} more findings were counted, and not kept.</p>` : NOTHING}
<details><summary>All findings as text</summary>
${linesOf(text)}
</details>
</section>`;
}

/** @param isShort Whether to leave out reasons and advice, which the same page has elsewhere. */
export function findingList(
  view: PageView,
  { identity }: Refusal,
  findings: readonly Finding[],
  isShort = false,
): Markup {
  const left = findings.length - FINDINGS_MAX;
  return markup`<ul class="findings">${findings
    .slice(0, FINDINGS_MAX)
    .map((finding) =>
      isShort ? findingLine(view, finding) : findingItem(view, finding, identity.format),
    )}</ul>
${left > 0 ? markup`<p>${left} more findings are not shown.</p>` : NOTHING}`;
}

function findingItem(
  view: PageView,
  finding: Finding,
  format: Refusal['identity']['format'],
): Markup {
  const { rule, entry, message } = finding;
  return markup`<li>
<h3>${levelBadge(finding)} ${ruleLink(view, rule)}</h3>
<dl>
${entry === undefined ? NOTHING : markup`<dt>Entry</dt><dd>${longText(entry)}</dd>`}
<dt>Reason</dt><dd>${plainText(message, WHOLE_CHARS_MAX)}</dd>
${isRule(rule) ? markup`<dt>To do</dt><dd>${adviceMarkup(remedyFor(finding, format))}</dd>` : NOTHING}
</dl>
</li>`;
}

function findingLine(view: PageView, finding: Finding): Markup {
  const { rule, entry } = finding;
  const place = entry === undefined ? NOTHING : markup`: ${longText(entry)}`;
  return markup`<li>${levelBadge(finding)} ${ruleLink(view, rule)}${place}</li>`;
}

/** Our own advice, in which backquotes mark commands. */
export function adviceMarkup(advice: string): Markup {
  const parts = advice.split('`');
  return parts.reduce<Markup>((text, part, at) => {
    const next = plainText(part, WHOLE_CHARS_MAX);
    return at % 2 === 1 ? markup`${text}<code>${next}</code>` : markup`${text}${next}`;
  }, NOTHING);
}

function levelBadge(finding: Finding): Markup {
  if (rejects(finding)) return markup`<span class="badge is-bad">error</span>`;
  if (finding.level === 'error') return markup`<span class="badge is-good">excepted</span>`;
  return finding.level === 'warning'
    ? markup`<span class="badge is-warn">warning</span>`
    : markup`<span class="badge">note</span>`;
}

function ruleLink(view: PageView, rule: string): Markup {
  // A ledger may have findings of rules that this version does not know.
  return isRule(rule)
    ? markup`<a href="${pagePath(view, `rules/${rule}`)}">${rule}</a>`
    : markup`${rule}`;
}

export function isRule(id: string): id is keyof typeof rules {
  return Object.hasOwn(rules, id);
}

/**
 * Exceptions as a policy file has them. Characters that a reader would not see are `\u` escapes.
 * @param isPreview Whether the last day and the reason are not known yet.
 */
export function exceptionList(exceptions: readonly Exception[], isPreview = false): Markup {
  const left = exceptions.length - FINDINGS_MAX;
  const shown = exceptions.slice(0, FINDINGS_MAX);
  return markup`<ul class="findings">${shown.map((exception) => exceptionItem(exception, isPreview))}</ul>
${left > 0 ? markup`<p>${left} more exceptions are not shown.</p>` : NOTHING}`;
}

function exceptionItem(exception: Exception, isPreview: boolean): Markup {
  const { package: name, rule, entry, sha512, reason, expires } = exception;
  const decided = isPreview ? {} : { reason, expires };
  const json = escapedJson({ package: name, rule, entry, sha512, ...decided });
  return markup`<li><dl>
<dt>Package</dt><dd>${longText(name)}</dd>
<dt>Rule</dt><dd><code>${rule}</code></dd>
<dt>Entry</dt><dd>${entry === undefined ? 'every entry in which the rule finds something' : longText(entry)}</dd>
${
  isPreview
    ? NOTHING
    : markup`<dt>Expires</dt><dd>at the end of ${expires}, UTC</dd>
<dt>Reason</dt><dd>${plainText(reason, WHOLE_CHARS_MAX)}</dd>`
}
</dl>
<details><summary>As a policy file has it</summary><pre tabindex="0">${plainText(json, WHOLE_CHARS_MAX)}</pre></details></li>`;
}
