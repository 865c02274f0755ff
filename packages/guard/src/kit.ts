/** The parts that the guards of all clients share. */
export {
  nothingInspected,
  nothingInspectedLine,
  nothingInstalled,
  nothingInstalledLine,
  packageNotInspected,
  refusalExcerpt,
} from './refusal/messages.ts';
export { openGuardFor, type OpenedGuard, type PolicyScope } from './open-guard.ts';
export {
  failInsteadOfSuccess,
  PackageRefusal,
  Refusals,
  showRefusals,
  type ShortRefusal,
} from './refusal/refusals.ts';
