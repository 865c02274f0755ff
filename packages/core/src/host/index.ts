/** What touches disk and environment: policy files. `inspect` and the reports stay pure, and do not import this. */
export { loadPolicy, type LoadedPolicy, type LoadPolicyOptions } from './policy-file.ts';
