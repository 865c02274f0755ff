/** The judging core, which the plugin evaluates with the first archive: most commands of Yarn have none. */
export {
  formatBlock,
  inspect,
  inspectKeeping,
  redactUrl,
  RULESET,
  TarwardenError,
  yarnZipContent,
} from '@tarwarden/core';
export { loadPolicy, openVerdictStore } from '@tarwarden/core/host';
