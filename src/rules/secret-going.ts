import { isPrintable, shellWord } from '../text/shell.ts';
import { rule } from './rule.ts';
import { liveSecret } from './shared/needs.ts';
import { measured } from './shared/sources.ts';

export const secretGoing = rule({
  id: 'secret-going',
  severity: 'error',
  refusedBy: [],
  stage: 'cluster',
  title: 'the Secret will not be there after this command',
  means:
    'The Secret that the pods mount exists, but is on its way out: it has a deletion timestamp, or the release made it and does not render it any more, so that this very upgrade deletes it.',
  why: 'Every pod that starts later waits for it, and never starts.',
  sources: [
    measured('an upgrade deletes what the release made and does not render any more'),
    'Helm, kube.Client.Update: what carries helm.sh/resource-policy: keep stays',
    'Kubernetes: metadata.deletionTimestamp',
  ],
  bad: 'helm upgrade lightrun ./chart --set certificate.existing_cert=lightrun-certificate   # which the release made',
  good: 'kubectl annotate secret lightrun-certificate helm.sh/resource-policy=keep   # before that upgrade',
  fix: 'Keep the Secret with the annotation helm.sh/resource-policy: keep, name another one, or wait until a Secret that is being deleted is gone and create it again.',
  needs: liveSecret,
  check({ live, show, options }) {
    const { name, namespace, going } = live;
    if (going === null) return null;
    const secret = `The Secret ${show(name, 'object name')} in the namespace ${show(namespace, 'object name')}`;
    const consequence = 'The pods that mount it would never start again.';
    if (going.by === 'deletion') {
      return {
        about: 'existingCert',
        message: `${secret} is being deleted: it has a deletion timestamp. ${consequence}`,
        help: 'Wait until it is gone, and create it again; or name another Secret.',
      };
    }
    const keep = `${options.invocation.kubectl} annotate secret ${shellWord(name)} --namespace ${shellWord(namespace)} helm.sh/resource-policy=keep`;
    return {
      about: 'existingCert',
      message: `${secret} was made by the release ${show(going.release, 'object name')}, which does not render it any more: the upgrade with these values would delete it. ${consequence}`,
      help: 'Keep it with the annotation helm.sh/resource-policy: keep, or name a Secret that the release did not make.',
      commands: isPrintable(name, namespace) ? [keep] : [],
    };
  },
});
