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
export { PackageRefusal, type ShortRefusal } from './package-refusal.ts';
export { failInsteadOfSuccess, Refusals, showRefusals } from './refusals.ts';
