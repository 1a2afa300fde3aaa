"""A platform that runs the Procfile, as Heroku and others do."""
