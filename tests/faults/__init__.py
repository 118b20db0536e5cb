"""What happens when something dies: real processes, real signals, real servers that stop."""
