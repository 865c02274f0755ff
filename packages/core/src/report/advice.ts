import type { Advice } from '../rules/rule.ts';

/** Advice in one line: for users, then for publishers. */
export function adviceText({ forUsers, forPublishers }: Advice): string {
  if (forPublishers === undefined) return forUsers;
  const rest = forPublishers.charAt(0).toLowerCase() + forPublishers.slice(1);
  return `${forUsers} If you maintain this package: ${rest}`;
}
