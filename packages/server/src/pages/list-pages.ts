/* The lists of requests: all of them for approvers, and a person's own. */
import { REQUEST_STATES, type ApprovalRequest, type RequestState } from '../approvals/service.ts';
import { markup, NOTHING, type Markup } from '../browser/markup.ts';
import { wholePage, pagePath, shortText, stateBadge, timeText, type PageView } from './layout.ts';

/** Requests on one page. */
export const ROWS = 50;

export interface Listing {
  /** All requests that the person may see, in the order of the service. */
  readonly requests: readonly ApprovalRequest[];
  /** Undefined: all. */
  readonly state: RequestState | undefined;
  /** From 1. */
  readonly page: number;
}

/** The requests of all people. The open ones are shown unless the person chooses another state. */
export function queuePage(view: PageView, listing: Listing): Markup {
  const { requests, state } = listing;
  const open = requests.filter((request) => request.state === 'open').length;
  return wholePage(view, {
    title: `${open} open – Requests`,
    body: [
      markup`<h1>Requests for exceptions</h1>
<p>${open === 1 ? '1 request is open.' : `${open} requests are open.`}</p>
${stateLinks(view, listing)}`,
      table(view, listing, state === undefined ? 'All requests' : `Requests that are ${state}`),
    ],
  });
}

export function ownRequestsPage(view: PageView, listing: Listing): Markup {
  return wholePage(view, {
    title: 'My requests',
    body: [
      markup`<h1>My requests</h1>
<p>To ask for an exception, open the address that the message about a refused package contains.</p>`,
      table(view, listing, 'Your requests'),
    ],
  });
}

function stateLinks(view: PageView, { requests, state: shown }: Listing): Markup {
  const links = [...REQUEST_STATES, undefined].map((state) => {
    const count = requests.filter((request) => state === undefined || request.state === state);
    const current = state === shown ? markup` aria-current="true"` : NOTHING;
    const address = `${pagePath(view, 'approvals')}?state=${state ?? 'all'}`;
    return markup`<li><a href="${address}"${current}>${state ?? 'all'} (${count.length})</a></li>`;
  });
  return markup`<nav aria-label="Requests by state"><ul class="states">${links}</ul></nav>`;
}

function table(view: PageView, { requests, state, page }: Listing, caption: string): Markup {
  const chosen = requests.filter((request) => state === undefined || request.state === state);
  if (chosen.length === 0) return markup`<section><p>There are no such requests.</p></section>`;
  const pages = Math.ceil(chosen.length / ROWS);
  const at = Math.min(page, pages);
  const rows = chosen.slice((at - 1) * ROWS, at * ROWS);
  // The roles are there because the style of narrow screens removes those of a table.
  return markup`<section><table role="table">
<caption>${caption}: ${chosen.length}${pages > 1 ? `, page ${at} of ${pages}` : ''}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Request</th><th scope="col" role="columnheader">Asked by</th><th scope="col" role="columnheader">When</th><th scope="col" role="columnheader">State</th></tr></thead>
<tbody role="rowgroup">${rows.map((request) => row(view, request))}</tbody>
</table>
${pages > 1 ? pageLinks(view, { state, at, pages }) : NOTHING}</section>`;
}

function row(view: PageView, { id, refusal, by, at, state }: ApprovalRequest): Markup {
  return markup`<tr role="row"><th scope="row" role="rowheader"><a href="${pagePath(view, `approvals/${id}`)}">${id}: <bdi class="code">${shortText(refusal.label)}</bdi></a></th>
<td role="cell"><bdi>${by}</bdi></td><td role="cell">${timeText(at)}</td><td role="cell">${stateBadge(state)}</td></tr>`;
}

function pageLinks(
  view: PageView,
  {
    state,
    at,
    pages,
  }: { readonly state: RequestState | undefined; readonly at: number; readonly pages: number },
): Markup {
  const address = (page: number): string =>
    `${pagePath(view, view.path)}?state=${state ?? 'all'}&page=${page}`;
  return markup`<nav aria-label="Pages of the list"><ul class="states">
${at > 1 ? markup`<li><a href="${address(at - 1)}">Previous page</a></li>` : NOTHING}
${at < pages ? markup`<li><a href="${address(at + 1)}">Next page</a></li>` : NOTHING}
</ul></nav>`;
}
