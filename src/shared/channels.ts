/** The two lines between window and shell. */
export const callChannel = 'lifeboat:call'
export const eventChannel = 'lifeboat:event'
