"""The watched episodes: what a person orders, what is played, asked, mapped and filmed, and what there is to see of it."""
