/* Parses the addresses of the pages. Nothing is decoded: an address with escapes or dots is none of these. */
import type { DecisionKind } from './request-page.ts';

interface Target {
  /** Below `/-/tarwarden/`, without a query. */
  readonly path: string;
  /** Whether it can be read, and whether a form can be sent to it. */
  readonly isPage: boolean;
  readonly isForm: boolean;
}

export type PageTarget = Target &
  (
    | { readonly kind: 'start' | 'style' | 'sign-in' | 'sign-out' | 'requests' | 'approvals' }
    | { readonly kind: 'rule'; readonly id: string }
    | { readonly kind: 'refusal'; readonly id: string }
    | { readonly kind: 'request'; readonly id: string }
    | { readonly kind: 'decision'; readonly id: string; readonly decision: DecisionKind }
  );

const PAGES = /^(?:|style\.css|sign-in|sign-out|requests|approvals)$/;
const KINDS = { '': 'start', 'style.css': 'style' } as const;
const RULE = /^rules\/([a-z0-9-]{1,100})$/;
const REFUSAL = /^refusals\/([a-z2-7]{26})$/;
const REQUEST = /^approvals\/([1-9]\d{0,8})$/;
const DECISION = /^approvals\/([1-9]\d{0,8})\/(approve|decline|revoke)$/;

/** @param target The target of an HTTP request, with its query. */
export function pageTarget(target: string): PageTarget | undefined {
  const path = /^\/-\/tarwarden\/([^?]*)(?:\?.*)?$/s.exec(target)?.[1];
  return path === undefined ? undefined : targetAt(path);
}

function targetAt(path: string): PageTarget | undefined {
  if (PAGES.test(path)) {
    const kind = KINDS[path as keyof typeof KINDS] ?? (path as 'sign-in');
    const isForm = path === 'sign-in' || path === 'sign-out';
    return { kind, path, isPage: path !== 'sign-out', isForm };
  }
  const page = { path, isPage: true, isForm: false };
  const rule = RULE.exec(path)?.[1];
  if (rule !== undefined) return { ...page, kind: 'rule', id: rule };
  const refusal = REFUSAL.exec(path)?.[1];
  if (refusal !== undefined) return { ...page, kind: 'refusal', id: refusal, isForm: true };
  const request = REQUEST.exec(path)?.[1];
  if (request !== undefined) return { ...page, kind: 'request', id: request };
  const [, id, decision] = DECISION.exec(path) ?? [];
  if (id === undefined) return undefined;
  return {
    kind: 'decision',
    path,
    isPage: false,
    isForm: true,
    id,
    decision: decision as DecisionKind,
  };
}

/** The page to show after a sign-in: a page that can be read, or the start. */
export function pathAfterSignIn(next: string): string {
  const target = targetAt(next);
  return target?.isPage === true && target.kind !== 'style' && target.kind !== 'sign-in'
    ? target.path
    : '';
}
