// The first test of this room takes the place of this file.
