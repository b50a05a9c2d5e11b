# The committee's pages.
page-projects = Projects
page-sign-out = Sign out
page-sign-in = Sign in
