"""What is drawn on an image: values, figures, hits and drafts."""
