/** The parts that the guards of all clients share. */
export {
  nothingInspected,
  nothingInspectedLine,
  nothingInstalled,
  nothingInstalledLine,
  packageNotInspected,
  refusalExcerpt,
} from './messages.ts';
export { openGuardFor, type OpenedGuard, type PolicyScope } from './open-guard.ts';
export {
  failInsteadOfSuccess,
  PackageRefusal,
  Refusals,
  showRefusals,
  type ShortRefusal,
} from './refusals.ts';
