import { rule } from './rule.ts';
import { byMistake, subject, valuesOf } from './shared/alike.ts';
import { encodeOwn } from './shared/commands.ts';
import { ofValues } from './shared/needs.ts';
import { isPlaceholder, type Stand, standIn } from './shared/placeholders.ts';
import { LIGHTRUN_PAGE } from './shared/sources.ts';

export const placeholder = rule({
  id: 'placeholder',
  severity: 'error',
  refusedBy: ['kubernetes'],
  stage: 'values',
  title: 'something else in place of the content',
  means:
    'A value is not the content: the text of an example (<base64-encoded-certificate>, LS0tLS1..., changeme), a mask (***, ++++), the path of a file, or a shell substitution or {{ .Files.Get }} that nothing expands.',
  why: 'Helm passes it on like a real value, until Kubernetes refuses it or a pod fails.',
  sources: [LIGHTRUN_PAGE],
  bad: 'certificate:\n  tls:\n    crt: "<base64-encoded-certificate>"\n    key: "<base64-encoded-private-key>"',
  good: 'certificate:\n  tls:\n    crt: "LS0tLS1CRUdJTi…"\n    key: "LS0tLS1CRUdJTi…"',
  fix: 'Replace it with the real value.',
  stops: 'error',
  needs: ofValues('existingCert', 'crt', 'key', 'pins', 'endpoint'),
  check({ entries, ...context }) {
    const encoded = entries.flatMap(({ about, entry }) => {
      const stand = about === 'crt' || about === 'key' ? standIn(entry.value) : null;
      return stand === null ? [] : { about, stand };
    });
    const others = entries.flatMap(({ about, entry }) => {
      const found = about === 'crt' || about === 'key' ? undefined : [entry.value].flat().find(isPlaceholder);
      return found === undefined ? [] : { about, found };
    });
    return [
      ...byMistake(encoded, ({ stand }) => stand).map((alike) => ({
        ...valuesOf(alike),
        message: `${subject(context, alike, 'holds', 'hold')} ${WHAT[alike[0].stand]}. On install, Helm would use that as it is.`,
        help: 'The chart needs the base64 of the PEM file itself, on one line.',
        commands: encodeOwn(context, ...alike.map(({ about }) => about)),
      })),
      ...others.map(({ about, found }) => ({
        about,
        message: `${context.path(about)} still holds the text of an example (${context.show(found, 'value')}). On install, Helm would use it as it is.`,
        help: 'Replace it with the real value.',
      })),
    ];
  },
});

const WHAT: Readonly<Record<Stand, string>> = {
  example: 'the text of an example, or a placeholder',
  mask: 'a mask, which a tool shows in place of a secret',
  size: 'the size that kubectl describe shows, not the content',
  path: 'the path of a file, not its content: nothing reads that file',
  'encoded path': 'base64 of the path of a file, not of its content',
  shell: 'a shell command, which nothing runs: this file is not a script',
  'chart function': 'a template (.Files.Get), which Helm does not expand in values',
};
