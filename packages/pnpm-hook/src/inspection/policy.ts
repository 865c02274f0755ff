/* The policy files. A file of its own, loaded where there are some: what reads them is half as large as all that inspects. */
export { loadPolicy } from '@tarwarden/host/policy-file';
