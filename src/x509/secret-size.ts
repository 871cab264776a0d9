/** Kubernetes refuses a Secret whose data is larger, in bytes, decoded and in all (MaxSecretSize). */
export const MAX_SECRET_SIZE = 1024 * 1024;
