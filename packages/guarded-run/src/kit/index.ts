/** The parts that the guards of all clients share. */
export {
  nothingInspected,
  nothingInspectedLine,
  nothingInstalled,
  nothingInstalledLine,
  packageNotInspected,
  refusalExcerpt,
} from './messages.ts';
export {
  inspectorUnder,
  openInspector,
  type OpenedInspector,
  type PolicyScope,
} from './open-inspector.ts';
export {
  failInsteadOfSuccess,
  PackageRefusal,
  Refusals,
  showRefusals,
  type ShortRefusal,
} from './refusals.ts';
