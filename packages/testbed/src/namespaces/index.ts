/** Topologies in Linux network namespaces, behind firewalls of the kernel. */
export { openNamespaces } from './ground.ts';
