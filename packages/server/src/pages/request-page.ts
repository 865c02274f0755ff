/* The page of a request: what was found, what an approval would change, the decision, and the history. */
import type { ApprovalRequest, Preview, RecordedDecision } from '../approvals/service.ts';
import { markup, NOTHING, type Markup } from '../browser/markup.ts';
import { archiveFacts, exceptionList, findingList, findingsSection } from './archive-parts.ts';
import {
  fieldOf,
  formField,
  wholePage,
  pagePath,
  plainReason,
  problemSummary,
  reasonField,
  shortText,
  stateBadge,
  timeText,
  type FormProblem,
  type PageView,
} from './layout.ts';

/** The days that an approver may choose, `YYYY-MM-DD`. */
export interface ApprovalDays {
  readonly today: string;
  readonly suggested: string;
  readonly longest: string;
}

export type DecisionKind = 'approve' | 'decline' | 'revoke';

/** The form that was sent and has problems. */
export interface SentDecision {
  readonly kind: DecisionKind;
  readonly reason: string;
  readonly until: string;
  readonly problems: readonly FormProblem[];
}

export interface RequestContent {
  readonly request: ApprovalRequest;
  readonly preview: Preview;
  readonly days: ApprovalDays;
  readonly history: readonly RecordedDecision[];
  readonly sent?: SentDecision | undefined;
}

export function requestPage(view: PageView, content: RequestContent): Markup {
  const { request, sent } = content;
  const { refusal, state, id } = request;
  return wholePage(view, {
    title: `Request ${id} (${state}): ${refusal.label}`,
    isError: sent !== undefined,
    body: [
      problemSummary(sent?.problems ?? []),
      markup`<h1>Request ${id}: <code>${shortText(refusal.label)}</code></h1>
<p>${stateBadge(state)} ${stateText(request)}</p>`,
      markup`<section aria-labelledby="asked"><h2 id="asked">The request</h2><dl>
<dt>Asked by</dt><dd><bdi>${request.by}</bdi></dd>
<dt>When</dt><dd>${timeText(request.at)}</dd>
<dt>Reason</dt><dd>${plainReason(request.reason)}</dd>
</dl></section>`,
      findingsSection(view, refusal),
      changeSection(view, content),
      decisionSection(view, content),
      markup`<section aria-labelledby="archive"><h2 id="archive">The archive</h2>${archiveFacts(refusal)}
<p><a href="${pagePath(view, `refusals/${refusal.id}`)}">The page of the refusal</a></p></section>`,
      historySection(content),
    ],
  });
}

function stateText({ state, decision }: ApprovalRequest): Markup {
  switch (state) {
    case 'open':
      return markup`An approver has to decide.`;
    case 'approved':
      return markup`The archive passes until the end of ${decision?.until ?? 'the last day'}, UTC.`;
    case 'declined':
      return markup`The archive stays refused.`;
    case 'revoked':
      return markup`The exception was taken back. The archive is refused again.`;
    case 'expired':
      return markup`The exception ended with ${decision?.until ?? 'its last day'}, UTC. The archive is refused again.`;
  }
}

/** An open request shows what an approval would change. A decided one shows the exceptions that were approved. */
function changeSection(view: PageView, { request, preview }: RequestContent): Markup {
  const { state, refusal, exceptions } = request;
  if (state !== 'open')
    return exceptions.length === 0
      ? NOTHING
      : markup`<section aria-labelledby="change"><h2 id="change">The approved exceptions</h2>${exceptionList(exceptions)}</section>`;
  const { lifted, remaining, passes } = preview;
  return markup`<section aria-labelledby="change"><h2 id="change">What an approval would change</h2>
<p class="notice ${passes ? '' : 'is-warn'}">${
    passes
      ? 'The archive would pass: the exceptions cover each finding that rejects it.'
      : 'The archive would still be refused: exceptions do not cover everything that rejects it.'
  }</p>
<h3>Findings that the exceptions lift (${lifted.length})</h3>
${findingList(view, refusal, lifted, true)}
<h3>Findings that would still reject it (${remaining.length})</h3>
${remaining.length === 0 ? markup`<p>None.</p>` : findingList(view, refusal, remaining, true)}
<details><summary>The exact exceptions (${preview.exceptions.length})</summary>
<p class="hint">Each gets the last day and the reasons of the request and of the approval.</p>
${exceptionList(preview.exceptions, true)}</details>
</section>`;
}

function decisionSection(view: PageView, content: RequestContent): Markup {
  const { request } = content;
  if (view.person?.role !== 'approver') return NOTHING;
  if (request.state === 'open')
    return markup`${approveForm(view, content)}${declineForm(view, content)}`;
  return request.state === 'approved' ? revokeForm(view, content) : NOTHING;
}

function approveForm(view: PageView, { request, preview, days, sent }: RequestContent): Markup {
  if (!preview.passes)
    return markup`<section aria-labelledby="approve"><h2 id="approve">Approve</h2>
<p>This request cannot be approved, because no exceptions would let the archive pass.</p></section>`;
  const own = sent?.kind === 'approve' ? sent : undefined;
  const problems = own?.problems ?? [];
  const until = {
    id: 'until',
    name: 'until',
    label: 'Last day',
    hint: `The exception ends at midnight UTC after this day. The latest possible day is ${days.longest}.`,
    problems,
  };
  return markup`<section aria-labelledby="approve"><h2 id="approve">Approve</h2>
<form method="post" action="${pagePath(view, `approvals/${request.id}/approve`)}" novalidate>
${formField(view)}
${fieldOf(until, (attributes) => markup`<input type="date" ${attributes} name="until" value="${own?.until ?? days.suggested}" min="${days.today}" max="${days.longest}" required>`)}
${reasonField({ id: 'approve-reason', label: 'Reason for the approval', hint: 'Say what you have checked. The reason is part of each exception.', problems }, own?.reason ?? '')}
<button>Approve</button>
</form></section>`;
}

function declineForm(view: PageView, { request, sent }: RequestContent): Markup {
  const own = sent?.kind === 'decline' ? sent : undefined;
  return markup`<section aria-labelledby="decline"><h2 id="decline">Decline</h2>
<form method="post" action="${pagePath(view, `approvals/${request.id}/decline`)}" novalidate>
${formField(view)}
${reasonField({ id: 'decline-reason', label: 'Reason for declining', hint: 'The person who asked reads this.', problems: own?.problems ?? [] }, own?.reason ?? '')}
<button class="is-bad">Decline</button>
</form></section>`;
}

function revokeForm(view: PageView, { request, sent }: RequestContent): Markup {
  const own = sent?.kind === 'revoke' ? sent : undefined;
  return markup`<section aria-labelledby="revoke"><h2 id="revoke">Revoke</h2>
<p>The archive is then refused again, at once and on every instance.</p>
<form method="post" action="${pagePath(view, `approvals/${request.id}/revoke`)}" novalidate>
${formField(view)}
${reasonField({ id: 'revoke-reason', label: 'Reason for revoking', hint: 'The person who asked reads this.', problems: own?.problems ?? [] }, own?.reason ?? '')}
<button class="is-bad">Revoke</button>
</form></section>`;
}

function historySection({ request, history }: RequestContent): Markup {
  return markup`<section aria-labelledby="history"><h2 id="history">History</h2>
<ol class="events">
<li>${timeText(request.at)}: <bdi>${request.by}</bdi> asked for an exception.</li>
${history.map(
  ({ kind, by, at, until, reason }) =>
    markup`<li>${timeText(at)}: <bdi>${by}</bdi> ${kind} it${until === undefined ? '' : ` until the end of ${until}`}: ${plainReason(reason)}</li>`,
)}
</ol></section>`;
}
