/** What locations and reports call standard input. */
export const STDIN_NAME = '<stdin>';
