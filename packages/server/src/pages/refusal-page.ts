/* The page of a refusal: what was found, the requests about it, and the form to ask for an exception. */
import type { ApprovalRequest, Refusal } from '../approvals/service.ts';
import { markup, NOTHING, type Markup } from '../browser/markup.ts';
import { archiveFacts, findingsSection } from './archive-parts.ts';
import {
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

export interface RefusalContent {
  readonly refusal: Refusal;
  /** The requests about this refusal, the newest first. */
  readonly requests: readonly ApprovalRequest[];
  readonly problems?: readonly FormProblem[];
  /** The reason that was sent with a problem. */
  readonly reason?: string;
}

export function refusalPage(
  view: PageView,
  { refusal, requests, problems = [], reason = '' }: RefusalContent,
): Markup {
  return wholePage(view, {
    title: `Refusal of ${refusal.label}`,
    isError: problems.length > 0,
    body: [
      problemSummary(problems),
      markup`<h1>Refused: <code>${shortText(refusal.label)}</code></h1>
<p>The gateway did not let this archive pass, because of what it contains.</p>`,
      findingsSection(view, refusal),
      markup`<section aria-labelledby="archive"><h2 id="archive">The archive</h2>${archiveFacts(refusal)}</section>`,
      requestsSection(view, requests),
      askSection(view, { refusal, requests, problems, reason }),
    ],
  });
}

function requestsSection(view: PageView, requests: readonly ApprovalRequest[]): Markup {
  if (requests.length === 0) return NOTHING;
  return markup`<section aria-labelledby="requests"><h2 id="requests">Requests for an exception</h2>
<ul>${requests.slice(0, 20).map(
    ({ id, state, by, at, reason }) =>
      markup`<li><a href="${pagePath(view, `approvals/${id}`)}">Request ${id}</a> ${stateBadge(state)}
by <bdi>${by}</bdi>, ${timeText(at)}: ${plainReason(reason)}</li>`,
  )}</ul></section>`;
}

function askSection(view: PageView, content: Required<RefusalContent>): Markup {
  const { refusal, requests, problems, reason } = content;
  const open = requests.find(({ state }) => state === 'open' || state === 'approved');
  if (open !== undefined)
    return markup`<section aria-labelledby="ask" class="notice"><h2 id="ask">Ask for an exception</h2>
<p>${open.state === 'open' ? 'Somebody has asked already, and an approver will decide.' : 'An exception is in force. Install the package again.'}
<a href="${pagePath(view, `approvals/${open.id}`)}">Go to request ${open.id}</a>.</p></section>`;
  if (view.person?.role === 'reader')
    return markup`<section aria-labelledby="ask"><h2 id="ask">Ask for an exception</h2>
<p>Your role is reader. Ask somebody with the role requester or approver to request an exception.</p></section>`;
  return markup`<section aria-labelledby="ask"><h2 id="ask">Ask for an exception</h2>
<p>An exception lets exactly this archive pass, up to a date. An approver reads your reason and decides.</p>
<form method="post" action="${pagePath(view, `refusals/${refusal.id}`)}" novalidate>
${formField(view)}
${reasonField({ id: 'reason', label: 'Reason', hint: 'Say why you need this package and why you trust it. Other people read this.', problems }, reason)}
<button>Ask for an exception</button>
</form></section>`;
}
