"""What is written in documents: PDF, Word, Excel, PowerPoint and text files."""
