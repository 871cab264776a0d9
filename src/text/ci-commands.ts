/** All that continuous integration takes for a command in the output of a job, in one place. */

/** What comparing by culture (.NET's `IndexOf`) passes over, and this program's own colours. */
const IGNORED =
  '(?:[\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0]|\\x1b\\[\\d*m)*';

/**
 * The first character of each command:
 * - `##vso[` and `##[` of Azure Pipelines, `##[` of GitHub Actions, `##teamcity[`: anywhere in a line
 *   (microsoft/azure-pipelines-agent, Command.TryParse; actions/runner, ActionCommand.TryParse);
 * - `::` of GitHub Actions: at the beginning of a line, after white space (ActionCommand.TryParseV2);
 * - `section_start:` and `section_end:` of GitLab (gitlab-runner; lib/gitlab/ci/ansi2json). It wants ESC and CR too, which
 *   no output has.
 */
// A flag for both cases would cost a cold process a fraction of a millisecond.
const COMMANDS = new RegExp(
  [
    `#(?=${IGNORED}#(?:${IGNORED}[A-Za-z])*${IGNORED}\\[)`,
    `:(?=${IGNORED}:)(?<=^(?:[^\\S\\n]|${IGNORED.slice(0, -1)})*:)`,
    `:(?<=section_(?:start|end)${IGNORED}:)`,
  ].join('|'),
  'gm',
);

const hex = (character: string, digits: number): string =>
  character.charCodeAt(0).toString(16).padStart(digits, '0');

/** Escapes commands of CI systems in text for people, as `\x23#vso[`. Such text stays as it is when it is escaped again. */
export function escapeCommands(text: string): string {
  return text.replace(COMMANDS, (character) => `\\x${hex(character, 2)}`);
}

/** The same in JSON, where commands can only be in strings: a reader gets the same strings. */
export function escapeCommandsJson(json: string): string {
  return json.replace(COMMANDS, (character) => `\\u${hex(character, 4)}`);
}

/** The same in XML, where commands can only be in text and in values of attributes. */
export function escapeCommandsXml(xml: string): string {
  return xml.replace(COMMANDS, (character) => `&#${character.charCodeAt(0)};`);
}
