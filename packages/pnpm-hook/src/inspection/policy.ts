/* Reads policy files. It is built as a file of its own, loaded only if there are some, because it is half as large as all that inspects. */
export { loadPolicy } from '@tarwarden/host/policy-file';
