/* Reads policy files. It is a separate file, loaded only if there are some: it is half as large as all code that inspects. */
export { loadPolicy } from '@tarwarden/host/policy-file';
