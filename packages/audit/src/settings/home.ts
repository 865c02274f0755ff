/* For the readers of this package's other clients. */
export { homeOf } from '@tarwarden/settings';
