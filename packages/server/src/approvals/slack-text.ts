/* One line for people, in the markup of Slack and of services like it. Names and reasons are hostile text. */
import { printable } from '@tarwarden/core/text';
import type { ApprovalRequest, Refusal } from './service.ts';

/** The subject of a message. */
export type WebhookSubject =
  | { readonly event: 'requested' | 'decided'; readonly request: ApprovalRequest }
  | { readonly event: 'refused'; readonly refusal: Refusal };

/** The most characters of a name, and of a reason. */
const NAME_MAX = 200;
const REASON_MAX = 500;

export function slackText(
  subject: WebhookSubject,
  { isNamed, publicUrl }: { readonly isNamed: boolean; readonly publicUrl: string | undefined },
): string {
  const link = (path: string): string =>
    publicUrl === undefined ? '' : ` ${publicUrl}/-/tarwarden/${path}`;
  if (subject.event === 'refused') {
    const { label, id } = subject.refusal;
    if (!isNamed) return 'The gateway refused a private package.';
    return `The gateway refused ${escaped(label, NAME_MAX)}.${link(`refusals/${id}`)}`;
  }
  const { id, by, reason, refusal, state, decision } = subject.request;
  const at = link(`approvals/${id}`);
  const label = escaped(refusal.label, NAME_MAX);
  if (subject.event === 'requested')
    return isNamed
      ? `${escaped(by, NAME_MAX)} asks for an exception for ${label} (request ${id}): ${escaped(reason, REASON_MAX)}${at}`
      : `Somebody asks for an exception for a private package (request ${id}).${at}`;
  if (!isNamed || decision === undefined) return `Request ${id} is ${state}.${at}`;
  const until = decision.until === undefined ? '' : ` until ${decision.until}`;
  return `${escaped(decision.by, NAME_MAX)}: request ${id} for ${label} is ${state}${until}: ${escaped(decision.reason, REASON_MAX)}${at}`;
}

/**
 * Text as code: services such as Mattermost take `@all` and `[word](address)` for a mention and a link anywhere else. Slack also needs the
 * three escapes.
 */
function escaped(text: string, most: number): string {
  const plain = printable(text, most)
    .replaceAll('`', "'")
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return `\`${plain}\``;
}
