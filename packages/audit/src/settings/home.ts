/* For the readers of this package's other clients. */
export { homeOf, type Variables } from '@tarwarden/settings';
