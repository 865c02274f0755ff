/* What the hook reports to `tarwarden pnpm`, which must not let pnpm end with success after a refusal. */
import { PNPM_STATUS, report } from '@tarwarden/guarded-run';

export function reportBlocked(subject: string): void {
  report(process.env, PNPM_STATUS, { event: 'blocked', subject });
}
